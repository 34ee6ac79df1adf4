; A dialog that has nothing to look at does not run: the selection lies beside the layer. OK takes no keys until a
; person selects all.
; keys ^Feature Projection$: sleep:1 alt+o sleep:2
; keys 160x120: ctrl+a sleep:1
; keys ^Feature Projection$: alt+o
; after: ONCE
; keys ^Judge Heat Maps$: sleep:1 alt+o sleep:2 Escape
(let* ((image (make-image 160 120 RGB))
       (photo (make-layer image 64 48 RGB-IMAGE "photo")))
  (define (selected) (map exact->inexact (gimp-selection-bounds image)))
  (fill-color photo '(90 120 150))
  (select-rectangle image 100 80 40 30)
  (gimp-display-new image)
  (call-mode RUN-INTERACTIVE "plug-in-featurescope-project" image photo)
  (check "it ran when all was selected" '(1.0 0.0 0.0 160.0 120.0) (selected))
  (check "one layer was added" 2 (length (top-layers image)))
  (gimp-message "ONCE")
  (select-rectangle image 100 80 40 30)
  (catch #t (call-mode RUN-INTERACTIVE "plug-in-featurescope-judge" image photo))
  (check "it was not run" #f (has-text? "selection" last-error))
  (test-ok))
