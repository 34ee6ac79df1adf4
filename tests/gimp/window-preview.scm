; Beside a dialog's rows is a picture of what the run would make. An empty one, and the photo here, have one
; colour where this looks; a projection has thousands, a heat map some hundred.
; sees ^Feature Projection$: 200x180+60+60 1000
; keys ^Feature Projection$: Escape
; after: ONCE
; sees ^Occlusion Sensitivity$: 200x180+60+60 100
; keys ^Occlusion Sensitivity$: Escape
(let* ((image (make-image 320 240 RGB))
       (photo (make-layer image 320 240 RGB-IMAGE "photo")))
  (define (cancelled procedure) ; no result, no error that a window would tell
    (catch #t (call-mode RUN-INTERACTIVE procedure image photo))
    (check "nothing was added" 1 (length (top-layers image))))
  (fill-color photo '(90 120 150))
  (gimp-display-new image)
  (cancelled "plug-in-featurescope-project")
  (gimp-message "ONCE")
  (cancelled "plug-in-featurescope-occlusion")
  (test-ok))
