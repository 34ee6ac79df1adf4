; Every type of argument arrives, every type of result comes back.
(let* ((image (make-image 60 40 RGB))
       (layer (make-layer image 60 40 RGBA-IMAGE "photo"))
       (values (call demo image layer
                     "model" "/tmp/no file.onnx" "layer" "conv5/3x3" "labels" "tabby; cat"
                     "top" 12 "amount" 0.5 "method" "guided" "flip" TRUE
                     "color" "#0080ff" "point-x" 7 "point-y" 9 "note" "a \"b\" ü 猫"
                     "data" "/tmp/x.npy" "folder" "/tmp")))
  (check "one drawable" 1 (result values "count"))
  (check-near "a double" 0.25 (result values "value") 0)
  (check "names" '("tabby cat" "tiger cat") (result values "names"))
  (check "the image is none" -1 (result values "image"))
  (check "no items" 0 (vector-length (result values "items")))
  (let ((text (result values "text")))
    (for-each
     (lambda (line)
       (check line #t (has-text? line text)))
     '("task=read" "model=/tmp/no file.onnx" "layer=conv5/3x3" "labels=tabby; cat"
       "top=12" "amount=0.5" "method=guided" "flip=true" "color=#0080ff" "point-x=7"
       "point-y=9" "note=a \"b\" ü 猫" "data=/tmp/x.npy" "folder=/tmp")))

  ; With nothing but defaults.
  (let ((text (result (call demo image layer) "text")))
    (for-each
     (lambda (line)
       (check line #t (has-text? line text)))
     '("model=\n" "top=9" "amount=2.5" "flip=false" "color=#ff8000" "point-x=-1"
       "note=a note")))
  (delete-image image)
  (test-ok))
