; only: gimp2
; Values are kept under a name, changed, and taken again; GIMP 3 has presets of its own.
; keys ^Classify$: sleep:1 alt+f shift+Tab ctrl+a type:7 Tab Tab Tab Tab space sleep:1 Return
; keys ^Save Preset$: type:mine Return
; keys ^Classify$: sleep:1 alt+f shift+Tab ctrl+a type:3 Tab Tab Tab Tab space sleep:1 Return sleep:1 alt+o
; keys ^Classify$: sleep:1 Escape
(let* ((image (make-image 64 48 RGB))
       (photo (make-layer image 64 48 RGB-IMAGE "photo")))
  (fill-color photo '(90 120 150))
  (gimp-display-new image)
  (let ((values (call-mode RUN-INTERACTIVE "plug-in-featurescope-classify" image photo)))
    (check "as many as the preset says" 7 (length (result values "labels"))))
  (test-ok))
