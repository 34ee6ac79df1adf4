; A figure in a batch run without fonts: its words are pixels.
; sanitizers: no
(let* ((image (make-image 90 70 RGB))
       (photo (make-layer image 90 70 RGB-IMAGE "photo")))
  (fill-color photo '(200 60 40))
  (let* ((values (call "plug-in-featurescope-project" image photo "target" "figure" "figure-width" 400))
         (figure (result values "result-image"))
         (caption (cadr (reverse (top-layers figure)))))
    (check "the caption" "Caption" (name-of caption))
    (check "is no text layer" #f (text? caption))
    (check "and has a place" '(10) (list (car (offsets caption))))
    (delete-image figure))
  (delete-image image))
(test-ok)
