; In the browser: sorted by what answers in the middle of the photo, the last map is silent there, and becomes no layer.
; Then the first layer that has what is typed.
; keys ^Feature Browser$: alt+u Down Down alt+y Down Down Down sleep:2 Tab Tab Tab Tab End sleep:4 alt+a sleep:2
; keys ^Feature Browser$: alt+b shift+Tab shift+Tab type:CONV6 Return
; sees ^Feature Browser$: 200x200+60+60 500
; keys ^Feature Browser$: alt+a sleep:1 Escape
(let* ((image (make-image 64 48 RGB))
       (photo (make-layer image 64 48 RGB-IMAGE "photo")))
  (fill-color photo '(90 120 150))
  (gimp-display-new image)
  (call-mode RUN-INTERACTIVE "plug-in-featurescope-browse" image photo)
  (let* ((names (map name-of (top-layers image)))
         (end (string-length (car names))))
    (check "one layer was added" 2 (length names))
    (check "of what was searched" "conv6" (substring (car names) (- end 5) end)))
  (test-ok))
