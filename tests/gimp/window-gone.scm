; What a window looks at may go, and come back, by undo and redo of the photo's layer. A window stays, adds nothing
; meanwhile, and goes on when the layer is back.
; keys ^Feature Browser$: sleep:1
; keys 60x40: ctrl+z sleep:1
; keys ^Feature Browser$: alt+a sleep:1
; keys 60x40: ctrl+y sleep:1
; keys ^Feature Browser$: alt+a sleep:2 Escape
; after: WHAT IF
; keys ^What If$: sleep:1
; keys 60x40: ctrl+z sleep:1
; keys ^What If$: alt+l sleep:1
; keys 60x40: ctrl+y sleep:2
; keys ^What If$: alt+l sleep:2 Escape
; after: DIALOG
; keys ^Feature Projection$: sleep:1
; keys 60x40: ctrl+z sleep:1
; keys ^Feature Projection$: alt+o sleep:1
; keys 60x40: ctrl+y sleep:2
; keys ^Feature Projection$: alt+o
; The layer that is looked at is all that can be undone.
(define (with-photo procedure)
  (let* ((image (image-to-undo (lambda (image) (select-rectangle image 10 5 30 20))))
         (photo (make-layer image 60 40 RGB-IMAGE "photo")))
    (gimp-display-new image)
    (call-mode RUN-INTERACTIVE procedure image photo)
    (let ((names (map name-of (top-layers image))))
      (check "one layer was added, after the photo was back" 3 (length names))
      (check "it is above the photo" "photo" (list-ref names 1)))))

(with-photo "plug-in-featurescope-browse")
(gimp-message "WHAT IF")
(with-photo "plug-in-featurescope-whatif")
(gimp-message "DIALOG")
(with-photo "plug-in-featurescope-project")
(test-ok)
