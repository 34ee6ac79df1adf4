; Presets of the browser keep what is compared with: one with the layer below, one with another model. After that
; nothing is compared; each preset brings its comparison back.
; (The button of presets stands at the foot, at the right. Its menu has the names, the alphabet's first on top.)
; keys ^Feature Browser$: sleep:2 alt+w Return sleep:2 click:-45,-82 sleep:1 Return
; keys ^Save Preset$: type:below Return
; keys ^Feature Browser$: alt+w Down Down Down Down Return sleep:3 click:-45,-82 sleep:1 Up Up Return
; keys ^Save Preset$: type:other Return
; keys ^Feature Browser$: alt+w Up Return sleep:2 alt+k sleep:3
; keys ^Feature Browser$: click:-45,-82 sleep:1 Return sleep:3 alt+k sleep:3
; keys ^Feature Browser$: click:-45,-82 sleep:1 Down Return sleep:3 alt+k sleep:3
; keys ^Feature Browser$: Escape
(define browse "plug-in-featurescope-browse")
(let* ((image (make-image 150 100 RGB))
       (before (make-layer image 150 100 RGB-IMAGE "before"))
       (after (make-layer image 150 100 RGB-IMAGE "after"))
       (count (length (images))))
  (define (panels made) (map name-of (top-layers made)))
  (fill-color before '(200 60 40))
  (paint-photo image after 30 10 30 30)
  (gimp-selection-none image)
  (gimp-display-new image)
  (call-mode RUN-INTERACTIVE browse image after)
  (let ((made (images))) ; the last one first
    (check "three figures" (+ count 3) (length made))
    (check "nothing is compared" 4 (length (panels (list-ref made 2))))
    (check "the layer below is back" '("(a) after" "(b) before" "(c) after" "(d) before" "(e) Difference" "Caption" "Paper")
           (panels (list-ref made 1)))
    (check "the other model is back" "(c) model.onnx" (list-ref (panels (car made)) 2)))
  (test-ok))
