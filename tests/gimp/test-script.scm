; A call as a dialog copies it runs as it is: on the first open image, what is selected.
; sanitizers: no
(let* ((image (make-image 64 64 RGB))
       (photo (make-layer image 64 64 RGB-IMAGE "photo")))
  (fill-color photo '(200 60 40))
  (select-layers image (list photo))
  (load (string-append out-folder "/call.scm"))
  (let ((name (name-of (car (top-layers image)))))
    (check "the photo and a projection" 2 (length (top-layers image)))
    (check "of the map" "map 3 · " (substring name 0 8))
    (check "of the layer" "conv2" (substring name (- (string-length name) 5) (string-length name)))))
(test-ok)
