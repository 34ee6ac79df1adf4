; The browser by keys: another layer, another map, added as a layer twice, a heat map, closed.
; (A window's keys come a second and a half after it is there. The grid has the focus at first;
; a mnemonic moves it: Alt+B to the list over the grid, before which the list of layers comes.)
; keys ^Feature Browser$: Right sleep:1 alt+a alt+b shift+Tab Up sleep:3 alt+a alt+o
; sees ^Feature Browser$: 200x150+370+120 100
; keys ^Feature Browser$: sleep:2 alt+d sleep:1 Escape
; after: ONCE
; keys ^Feature Browser$: Escape
(define browse "plug-in-featurescope-browse")
(define (last-five text) (substring text (- (string-length text) 5) (string-length text)))
(let* ((image (make-image 150 100 RGB))
       (photo (make-layer image 150 100 RGB-IMAGE "photo")))
  (paint-photo image photo 30 10 60 50)
  (gimp-selection-none image)
  (gimp-display-new image)
  (call-mode RUN-INTERACTIVE browse image photo)
  (let ((names (map name-of (top-layers image))))
    (check "two projections and a heat map" 4 (length names))
    (check "the photo is below" "photo" (list-ref names 3))
    (check "the first is of the default layer" "relu7" (last-five (list-ref names 2)))
    (check "the second of the one above" "conv7" (last-five (list-ref names 1))))
  (gimp-message "ONCE")
  (call-mode RUN-INTERACTIVE browse image photo)
  (check "nothing more was added" 4 (length (top-layers image)))
  (test-ok))
