; Every way to fail: a sentence, an error, an image as before.
(let* ((image (make-image 60 40 RGB))
       (layer (make-layer image 60 40 RGBA-IMAGE "photo")))
  (define (try wanted . pairs)
    (check-error wanted wanted (error-of (apply call (append (list demo image layer) pairs)))))
  (try "the input is bad" "task" "input-error")
  (try "it went wrong" "task" "error")
  (try "plug-in-featurescope-hosttest failed without a reason" "task" "silent-error")
  (try "\"task\" is \"nothing\"; it must be one of: read, add, one" "task" "nothing")
  (try "\"color\" is \"blue\"; it must be a colour like #8040ff" "color" "blue")
  (try "\"/nowhere/model.onnx\" cannot be read: No such file or directory"
       "task" "file" "model" "/nowhere/model.onnx")
  (try "is not an image of a known format" "task" "file" "model" (string-append root-folder "/LICENSE"))
  (try "is damaged: it cannot be decoded" "task" "file" "model" (string-append out-folder "/cut.png"))
  ; GIMP 3 looks at ranges itself.
  (try (if (string=? host "gimp2") "\"top\" is 1000; it must be from 1 to 100" "has value 1000 out of range: 1 to 100") "top" 1000)
  (try (if (string=? host "gimp2") "\"amount\" is -1; it must be from 0 to 10" "out of range: 0") "amount" -1)
  (check "nothing was added" (list layer) (top-layers image))
  (check "no channel was added" '() (channels image))
  (check "selected as before" (list layer) (selected image))

  ; A floating selection takes no layers beside it.
  (select-rectangle image 0 0 10 10)
  (paste-floating layer)
  (check "something floats" #t (floating? image))
  (try "The image has a floating selection: anchor it first" "task" "one")
  (delete-image image))
(test-ok)
