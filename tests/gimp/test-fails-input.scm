; Bad input is told as a calling error to who does not catch it.
; fails
; prints: failed on invalid input arguments: the input is bad
; sanitizers: no
(let* ((image (make-image 60 40 RGB))
       (layer (make-layer image 60 40 RGBA-IMAGE "photo")))
  (call demo image layer "task" "input-error")
  (test-ok))
