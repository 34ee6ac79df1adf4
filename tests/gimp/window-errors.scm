; A dialog does not run what cannot be run: OK takes no keys, until the value is mended.
; keys ^Feature Projection$: alt+y type:conv77 Tab sleep:2 alt+o sleep:2 alt+y ctrl+a type:conv7 Tab sleep:2 alt+o
; after: ONCE
; keys ^The Strongest Nine$: sleep:1 alt+o sleep:2 Escape
(let* ((image (make-image 64 48 RGB))
       (photo (make-layer image 64 48 RGB-IMAGE "photo")))
  (fill-color photo '(90 120 150))
  (gimp-display-new image)
  (let ((values (call-mode RUN-INTERACTIVE "plug-in-featurescope-project" image photo)))
    (check "the layer that is there" "conv7" (result values "layer")))
  (check "one layer was added" 2 (length (top-layers image)))
  (gimp-message "ONCE")
  (catch #t (call-mode RUN-INTERACTIVE "plug-in-featurescope-top" image photo))
  (check "it was not run" #f (has-text? "No folder" last-error))
  (test-ok))
