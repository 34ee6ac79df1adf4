; The browser looks at the selection; a person selects another part, and nothing more, and has it read again.
; (Where nothing has changed there is no such button, and its letter does nothing.)
; keys ^Feature Browser$: sleep:1 alt+v sleep:1 alt+a sleep:1
; keys 150x100: ctrl+a sleep:8
; keys ^Feature Browser$: alt+a sleep:1 alt+v sleep:3 alt+a sleep:1 Escape
(define browse "plug-in-featurescope-browse")
(let* ((image (make-image 150 100 RGB))
       (photo (make-layer image 150 100 RGB-IMAGE "photo")))
  (define (map-of layer) (substring (name-of layer) 0 7)) ; "map 131"
  (paint-photo image photo 30 10 60 50)
  (gimp-display-new image)
  (call-mode RUN-INTERACTIVE browse image photo)
  (let ((layers (top-layers image)))
    (check "three layers and the photo" 4 (length layers))
    (check "of all that is selected now" '(100 100) (size (car layers)))
    (check "of what was looked at" '(50 50) (size (cadr layers)))
    (check "of what was selected" '(50 50) (size (caddr layers)))
    (check "of the same map" (map-of (cadr layers)) (map-of (car layers))))
  (test-ok))
