; A large layer from few pixels: written by strips.
(let* ((image (make-image 60 40 RGB))
       (layer (make-layer image 60 40 RGB-IMAGE "photo"))
       (made (vector-ref (result (call demo image layer "task" "wide" "amount" 4) "items") 0)))
  (check "its size" '(4000 4000) (size made))
  (check-pixel "its colour" '(127.5 127.5 127.5 255)
               (result (call demo image made) "numbers") half-step)
  (delete-image image)
  (test-ok))
