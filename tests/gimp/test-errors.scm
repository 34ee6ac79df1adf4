; Every way to fail: a sentence, an error, an image as before.
; prints: the input is bad
; prints: it went wrong
; prints: plug-in-featurescope-hosttest failed without a reason
; prints: "task" is "nothing"; it must be one of: read, add, one
; prints: "color" is "blue"; it must be a colour like #8040ff
; prints: "/nowhere/model.onnx" cannot be read: No such file or directory
; prints: The image has a floating selection: anchor it first
; prints: is no image of a known format
; prints: is damaged: it cannot be decoded
; prints on gimp2: "top" is 1000; it must be from 1 to 100
; prints on gimp2: "amount" is -1; it must be from 0 to 10
(let* ((image (make-image 60 40 RGB))
       (layer (make-layer image 60 40 RGBA-IMAGE "photo")))
  (define (try . pairs)
    (check-fails pairs (fails? (apply call (append (list demo image layer) pairs)))))
  (try "task" "input-error")
  (try "task" "error")
  (try "task" "silent-error")
  (try "task" "nothing")
  (try "color" "blue")
  (try "task" "file" "model" "/nowhere/model.onnx")
  (try "task" "file" "model" (string-append root-folder "/LICENSE"))
  (try "task" "file" "model" (string-append out-folder "/cut.png"))
  (try "top" 1000)
  (try "amount" -1)
  (check "nothing was added" (list layer) (top-layers image))
  (check "no channel was added" '() (channels image))
  (check "selected as before" (list layer) (selected image))

  ; A floating selection takes no layers beside it.
  (select-rectangle image 0 0 10 10)
  (paste-floating layer)
  (check "something floats" #t (floating? image))
  (try "task" "one")
  (delete-image image))
(test-ok)
