; F1 and the button Help open the page about the action, in a dialog, in what comes of a run, and in windows; these stay.
; keys ^Feature Projection$: F1
; after: SHOWN projection.html
; keys ^Feature Projection$: Escape
; after: ONCE
; keys ^About the Model$: alt+h
; after: SHOWN about.html
; keys ^About the Model$: alt+o sleep:2
; keys ^About the Model$: alt+h sleep:1 Escape
; after: TWICE
; keys ^Feature Browser$: F1
; after: SHOWN browse.html
; keys ^Feature Browser$: Escape
; after: THRICE
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
  (open "project")
  (gimp-message "ONCE")
  (open "model")
  (gimp-message "TWICE")
  (open "browse")
  (gimp-message "THRICE")
  (open "whatif")
  (gimp-message "FOUR TIMES")
  (open "check")
  (check "nothing was added" 1 (length (top-layers image)))
  (test-ok))
