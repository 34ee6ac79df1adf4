; A failure is told as an execution error to who does not catch it.
; fails
; prints: Procedure execution of plug-in-featurescope-hosttest failed: it went wrong
; sanitizers: no
(let* ((image (make-image 60 40 RGB))
       (layer (make-layer image 60 40 RGBA-IMAGE "photo")))
  (call demo image layer "task" "error")
  (test-ok))
