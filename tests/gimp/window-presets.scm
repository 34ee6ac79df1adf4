; only: gimp2
; Values are kept under a name, changed, and taken again; GIMP 3 has presets of its own.
; keys ^Feature Projection$: sleep:1 alt+a ctrl+a type:2 Tab Tab Tab Tab Tab Tab space sleep:1 Return
; keys ^Save Preset$: type:mine Return
; keys ^Feature Projection$: sleep:1 alt+a ctrl+a type:1 Tab Tab Tab Tab Tab Tab space sleep:1 Return sleep:1 alt+o
(let* ((image (make-image 64 48 RGB))
       (photo (make-layer image 64 48 RGB-IMAGE "photo")))
  (fill-color photo '(90 120 150))
  (gimp-display-new image)
  (let ((values (call-mode RUN-INTERACTIVE "plug-in-featurescope-project" image photo)))
    (check "the map of the preset" 2 (vector-ref (result values "maps") 0)))
  (test-ok))
