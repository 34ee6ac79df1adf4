; Image files, read without an image being opened.
(let* ((image (make-image 9 7 RGB))
       (layer (make-layer image 9 7 RGB-IMAGE "photo"))
       (file (string-append out-folder "/ü a.png")))
  (define (read file) (result (call demo image layer "task" "file" "model" file) "numbers"))
  (fill-color layer '(200 100 50))
  (save-image image layer file)
  (check-pixel "a PNG" '(200 100 50 255 9 7) (read file) 0.01)
  ; XCF is no format of GEGL's: GIMP's own loader comes in.
  (let ((file (string-append out-folder "/b.xcf")))
    (save-image image layer file)
    (check-pixel "an XCF" '(200 100 50 255 9 7) (read file) 0.01))
  (delete-image image))
(test-ok)
