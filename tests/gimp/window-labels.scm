; The list of labels begins with the five that the network finds most probable for the photo: the first of
; them is chosen in a dialog, then the fifth.
; keys ^Evidence for a Label$: sleep:3 alt+b Down alt+o
; after: ONCE
; keys ^Evidence for a Label$: sleep:3 alt+b ctrl+a BackSpace Down Down Down Down Down alt+o
(define evidence "plug-in-featurescope-evidence")
(let* ((image (make-image 90 60 RGB))
       (photo (make-layer image 90 60 RGB-IMAGE "photo")))
  (define (chosen) (result (call-mode RUN-INTERACTIVE evidence image photo) "label"))
  (fill-color photo '(200 60 40))
  (select-rectangle image 20 10 40 40)
  (gimp-context-set-foreground '(30 90 220))
  (gimp-drawable-edit-fill photo FILL-FOREGROUND)
  (gimp-selection-none image)
  (gimp-display-new image)
  (let ((labels (result (call "plug-in-featurescope-classify" image photo) "labels")))
    (check "the first line" (list-ref labels 0) (chosen))
    (gimp-message "ONCE")
    (check "the fifth line" (list-ref labels 4) (chosen)))
  (test-ok))
