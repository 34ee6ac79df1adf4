; Check, Classify and dialogs whose photo goes by undo: they say so, do not run meanwhile, and go on when it is back.
; keys ^Check How Pictures Are Fed$: sleep:1
; keys 60x40: ctrl+z sleep:1
; keys ^Check How Pictures Are Fed$: alt+f Down sleep:1 Up sleep:1
; keys 60x40: ctrl+y sleep:2
; keys ^Check How Pictures Are Fed$: sleep:2 Escape
; after: CLASSIFY
; keys ^Classify$: sleep:1
; keys 60x40: ctrl+z sleep:1
; keys ^Classify$: alt+f Down sleep:1
; keys 60x40: ctrl+y sleep:2
; keys ^Classify$: sleep:2 Escape
; after: COMPARE
; keys ^Compare$: sleep:1 alt+i Down sleep:1
; keys 60x40: ctrl+z sleep:1
; keys ^Compare$: alt+o sleep:1
; keys 60x40: ctrl+y sleep:2
; keys ^Compare$: alt+o
; The layer that is looked at is all that can be undone.
(define (with-photo procedure)
  (let* ((image (image-to-undo (lambda (image) #t)))
         (photo (make-layer image 60 40 RGB-IMAGE "photo")))
    (gimp-display-new image)
    (call-mode RUN-INTERACTIVE procedure image photo)))

(check "the last answer is given" #t
       (< 0 (vector-length (result (with-photo "plug-in-featurescope-check") "probabilities"))))
(gimp-message "CLASSIFY")
(check "a label is given" #t
       (string? (result (with-photo "plug-in-featurescope-classify") "label")))
(gimp-message "COMPARE")
(check "the layer that is back, and the one below" '("below" "photo") (result (with-photo "plug-in-featurescope-compare") "names"))
(test-ok)
