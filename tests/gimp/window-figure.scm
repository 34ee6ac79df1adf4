; A finished figure of what the two windows show, as a new image.
; keys ^What If$: sleep:2 alt+k sleep:3
; keys ^What If$: Escape
; after: ONCE
; keys ^Feature Browser$: sleep:2 alt+k sleep:3
; keys ^Feature Browser$: Escape
(let* ((image (make-image 90 60 RGB))
       (photo (make-layer image 90 60 RGB-IMAGE "photo"))
       (before (length (images))))
  (define (newest) (let other ((list (images))) (if (equal? (car list) image) (other (cdr list)) (car list))))
  (paint-photo image photo 20 10 40 40)
  (gimp-display-new image)
  (call-mode RUN-INTERACTIVE "plug-in-featurescope-whatif" image photo)
  (check "a figure of before and after" (+ before 1) (length (images)))
  (check "its panels" '("(a) Before" "(b) Without the selection")
         (list (name-of (car (top-layers (newest)))) (name-of (cadr (top-layers (newest))))))
  (gimp-selection-none image)
  (gimp-message "ONCE")
  (call-mode RUN-INTERACTIVE "plug-in-featurescope-browse" image photo)
  (check "a figure of the projection" (+ before 2) (length (images)))
  (check "the photo is as it was" 1 (length (top-layers image)))
  (test-ok))
