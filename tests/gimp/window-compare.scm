; The browser beside itself on the layer below, as the photo before an edit; what is added is of the upper one.
; (Where the photo's right part was there is the projection now, which has many more colours.)
; keys ^Feature Browser$: sleep:2 alt+w Return sleep:1
; sees ^Feature Browser$: 60x60+339+50 60
; keys ^Feature Browser$: alt+a sleep:1 Escape
(define browse "plug-in-featurescope-browse")
(let* ((image (make-image 150 100 RGB))
       (before (make-layer image 150 100 RGB-IMAGE "before"))
       (after (make-layer image 150 100 RGB-IMAGE "after")))
  (fill-color before '(200 60 40))
  (fill-color after '(200 60 40))
  (select-rectangle image 30 10 30 30)
  (gimp-context-set-foreground '(30 90 220))
  (gimp-drawable-edit-fill after FILL-FOREGROUND)
  (gimp-selection-none image)
  (gimp-display-new image)
  (call-mode RUN-INTERACTIVE browse image after)
  (check "one layer more" 3 (length (top-layers image)))
  (check "above the upper one" "after" (name-of (cadr (top-layers image))))
  (test-ok))
