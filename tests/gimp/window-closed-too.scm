; The same of Check and of a dialog: an image that is closed is told, nothing runs, and the window closes when told to.
; (In GIMP 3 an image that a script made outlives its display.)
; only: gimp2
; keys ^Check How Pictures Are Fed$: sleep:1
; keys 60x40: ctrl+w sleep:1
; keys ^Check How Pictures Are Fed$: alt+f Down sleep:1 Escape
; after: COMPARE
; keys ^Compare$: sleep:1 alt+i Down sleep:1
; keys 60x40: ctrl+w sleep:1
; keys ^Compare$: alt+o sleep:1 alt+i Up sleep:1 Escape
(define (look procedure)
  (let* ((image (make-image 60 40 RGB))
         (below (make-layer image 60 40 RGB-IMAGE "below"))
         (photo (make-layer image 60 40 RGB-IMAGE "photo")))
    (fill-color below '(200 60 40))
    (fill-color photo '(60 200 40))
    (gimp-image-clean-all image)
    (gimp-display-new image)
    (catch #t (call-mode RUN-INTERACTIVE procedure image photo))
    (check "the image was closed, and no other came" 0 (length (images)))))

(look "plug-in-featurescope-check")
(gimp-message "COMPARE")
(look "plug-in-featurescope-compare")
(test-ok)
