; One undo takes away all that a run added, one redo brings it back, without a word of GIMP.
; never: undo Attach
; after: PRESS UNDO
; keys 60x40: ctrl+z
; after: PRESS REDO
; keys 60x40: ctrl+y
(let* ((image (make-image 60 40 RGB))
       (layer (make-layer image 60 40 RGBA-IMAGE "photo")))
  (gimp-display-new image)
  (call demo image layer "task" "add")
  (check "something was added" 2 (length (top-layers image)))
  (gimp-message "PRESS UNDO")
  (wait-for "all is undone" (lambda () (and (= 1 (length (top-layers image)))
                                            (null? (channels image)))))
  (gimp-message "PRESS REDO")
  (wait-for "all is done again" (lambda () (and (= 2 (length (top-layers image)))
                                                (= 1 (length (channels image))))))
  (test-ok))
