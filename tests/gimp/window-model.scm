; About the Model asks for a file, runs, and shows its text in a window, from which it is copied.
; keys ^About the Model$: alt+o sleep:3
; sees ^About the Model$: 600x300+60+60 20
; keys ^About the Model$: alt+p Escape
(let* ((image (make-image 40 30 RGB))
       (photo (make-layer image 40 30 RGB-IMAGE "photo")))
  (gimp-display-new image)
  (let ((report (result (call-mode RUN-INTERACTIVE "plug-in-featurescope-model" image photo) "report")))
    (check "the text is the result too" #t (has-text? "default.onnx" report)))
  (test-ok))
