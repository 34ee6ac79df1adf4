; The browser beside itself on the layer below, as the photo before an edit: its projection, and at the right the
; difference; after Occlude its heat map. A figure has both. What is added is of the upper one. The next time it is
; compared again.
; (Pictures are at least 140 pixels wide; of four, the first's projection, mostly gray, lies where of three the photo
; is. The photo alone has a few colours only.)
; keys ^Feature Browser$: sleep:2 alt+w Return sleep:1
; sees ^Feature Browser$: 30x40+425+90 600 #808080
; sees ^Feature Browser$: 60x60+200+50 40
; keys ^Feature Browser$: alt+o sleep:2
; sees ^Feature Browser$: 60x60+200+50 100
; keys ^Feature Browser$: alt+k sleep:3
; keys ^Feature Browser$: alt+a sleep:1 Escape
; after: ONCE
; keys ^Feature Browser$: sleep:3 alt+k sleep:3
; keys ^Feature Browser$: Escape
(define browse "plug-in-featurescope-browse")
(let* ((image (make-image 150 100 RGB))
       (before (make-layer image 150 100 RGB-IMAGE "before"))
       (after (make-layer image 150 100 RGB-IMAGE "after"))
       (count (length (images))))
  (define (newest) (let other ((list (images))) (if (equal? (car list) image) (other (cdr list)) (car list))))
  (define (panels) (map name-of (top-layers (newest))))
  (fill-color before '(200 60 40))
  (paint-photo image after 30 10 30 30)
  (gimp-selection-none image)
  (gimp-display-new image)
  (call-mode RUN-INTERACTIVE browse image after)
  (check "one layer more" 3 (length (top-layers image)))
  (check "above the upper one" "after" (name-of (cadr (top-layers image))))
  (check "a figure" (+ count 1) (length (images)))
  (check "its panels" '("(a) after" "(b) before" "(c) after" "(d) before" "(e) Difference" "(f) after" "(g) before"
                        "(h) Difference" "Caption" "Paper")
         (panels))
  (gimp-message "ONCE")
  (call-mode RUN-INTERACTIVE browse image after)
  (check "another figure" (+ count 2) (length (images)))
  (check "its panels" '("(a) after" "(b) before" "(c) after" "(d) before" "(e) Difference" "Caption" "Paper") (panels))
  (test-ok))
