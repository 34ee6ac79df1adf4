; The image may be closed while a window looks at it: the window stays, adds nothing, and closes when it is told to.
; (In GIMP 3 an image that a script made outlives its display.)
; only: gimp2
; keys ^Feature Browser$: sleep:1
; keys 60x40: ctrl+w sleep:1
; keys ^Feature Browser$: alt+a alt+k sleep:1 Escape
; after: WHAT IF
; keys ^What If$: sleep:1
; keys 60x40: ctrl+w sleep:1
; keys ^What If$: alt+l alt+k sleep:1 Escape
(define (look procedure)
  (let* ((image (make-image 60 40 RGB))
         (photo (make-layer image 60 40 RGB-IMAGE "photo")))
    (fill-color photo '(200 60 40))
    (select-rectangle image 10 5 30 20)
    (gimp-image-clean-all image)
    (gimp-display-new image)
    (call-mode RUN-INTERACTIVE procedure image photo)
    (check "the image was closed, and no other came" 0 (length (images)))))

(look "plug-in-featurescope-browse")
(gimp-message "WHAT IF")
(look "plug-in-featurescope-whatif")
(test-ok)
