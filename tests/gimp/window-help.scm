; The button Help opens the page about the action, in a dialog, in what comes of a run, and in windows; these stay.
; keys ^About the Model$: alt+h
; after: SHOWN about.html
; keys ^About the Model$: alt+o sleep:2
; keys ^About the Model$: alt+h sleep:1 Escape
; after: TWICE
; keys ^What If$: alt+h
; after: SHOWN whatif.html
; keys ^What If$: Escape
; after: FOUR TIMES
; keys ^Check How Pictures Are Fed$: alt+h
; after: SHOWN models.html
; keys ^Check How Pictures Are Fed$: Escape
(let* ((image (make-image 64 48 RGB))
       (photo (make-layer image 64 48 RGB-IMAGE "photo")))
  (define (open action) (catch #t (call-mode RUN-INTERACTIVE (string-append "plug-in-featurescope-" action) image photo)))
  (fill-color photo '(90 120 150))
  (gimp-display-new image)
  (open "model")
  (gimp-message "TWICE")
  (open "whatif")
  (gimp-message "FOUR TIMES")
  (open "check")
  (check "nothing was added" 1 (length (top-layers image)))
  (test-ok))
