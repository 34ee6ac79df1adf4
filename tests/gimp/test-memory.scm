; What a plug-in process takes to read a million pixels, which are 16 MB: babl's tables would be 268 MB
; each. The babl of GIMP 2.10 cannot be kept from filling as much.
; only: gimp3
; sanitizers: no
(let* ((image (make-image 1024 1024 RGB))
       (layer (make-layer image 1024 1024 RGBA-IMAGE "photo")))
  (fill-color layer '(200 60 40))
  (check "megabytes" #t (< (vector-ref (result (call demo image layer "task" "memory") "numbers") 0) 150))
  (delete-image image))
(test-ok)
