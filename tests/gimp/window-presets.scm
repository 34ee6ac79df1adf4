; Presets of the two windows: one is saved, something else chosen, and the preset taken again.
; (Their buttons stand at the foot, left in the one and right in the other.)
; keys ^What If$: sleep:1 click:295,-85 sleep:1 Return
; keys ^Save Preset$: type:mine Return
; keys ^What If$: alt+w Down Down sleep:2 Escape
; after: ONCE
; keys ^What If$: sleep:1 click:295,-85 sleep:1 Return sleep:2 Escape
; after: TWICE
; keys ^Feature Browser$: alt+b shift+Tab Up sleep:2 click:-45,-82 sleep:1 Return
; keys ^Save Preset$: type:deep Return
; keys ^Feature Browser$: alt+b shift+Tab Down sleep:2 click:-45,-82 sleep:1 Return sleep:3 alt+a sleep:1 Escape
(define whatif "plug-in-featurescope-whatif")
(define browse "plug-in-featurescope-browse")
(define (begins? start text) (and (>= (string-length text) (string-length start)) (string=? start (substring text 0 (string-length start)))))
(define (last-five text) (substring text (- (string-length text) 5) (string-length text)))
(let* ((image (make-image 90 60 RGB))
       (photo (make-layer image 90 60 RGB-IMAGE "photo")))
  (paint-photo image photo 20 10 40 40)
  (gimp-display-new image)
  (let ((removed (result (call-mode RUN-INTERACTIVE whatif image photo) "removed")))
    (check "a map was chosen last" #t (begins? "map" (car removed))))
  (gimp-message "ONCE")
  (check "the preset removes the selection" '("the selection")
         (result (call-mode RUN-INTERACTIVE whatif image photo) "removed"))
  (gimp-selection-none image)
  (gimp-message "TWICE")
  (call-mode RUN-INTERACTIVE browse image photo)
  (check "the preset's layer" "conv7" (last-five (car (map name-of (top-layers image)))))
  (test-ok))
