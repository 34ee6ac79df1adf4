; A new image of a result begins with nothing to undo: its layers stay. What is done to it later can be undone.
; keys ^Feature Projection$: sleep:2 alt+o
; after: PRESS UNDO
; keys RGB.*60x40: ctrl+z sleep:1 ctrl+z sleep:1 ctrl+a
; after: AGAIN
; keys RGB.*60x40: ctrl+z sleep:1 ctrl+z
(let* ((image (make-image 60 40 GRAY))
       (photo (make-layer image 60 40 GRAY-IMAGE "photo")))
  (define (made) (let other ((list (images))) (if (equal? (car list) image) (other (cdr list)) (car list))))
  (define (selected?) (= FALSE (car (gimp-selection-is-empty (made)))))
  (define (names) (map name-of (top-layers (made))))
  (fill-color photo '(90 90 90))
  (gimp-display-new image)
  (call-mode RUN-INTERACTIVE "plug-in-featurescope-project" image photo)
  (let ((before (names)))
    (check "the photo and its projection, in colours" 2 (length before))
    (gimp-message "PRESS UNDO")
    (wait-for "all is selected" selected?)
    (check "nothing was undone" before (names))
    (gimp-message "AGAIN")
    (wait-for "the selection is undone" (lambda () (not (selected?))))
    (check "and nothing else" before (names))
    (check "it counts as not saved" TRUE (car (gimp-image-is-dirty (made)))))
  (test-ok))
