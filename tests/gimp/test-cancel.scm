; A procedure that was cancelled is no error, and leaves the image alone.
(let* ((image (make-image 60 40 RGB))
       (layer (make-layer image 60 40 RGBA-IMAGE "photo")))
  (gimp-message "before")
  (catch #t (call demo image layer "task" "cancel"))
  (check "nothing was added" (list layer) (top-layers image))
  (delete-image image)
  (test-ok))
