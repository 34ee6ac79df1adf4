; The model's button drops a list: the built-in one, others that ship, those chosen before, other. What is chosen
; in one action is the model of the next. What is assumed of it is a line in the dialog and no message, there and
; when a run is repeated.
; never: assumed
; keys ^Feature Projection$: sleep:1 alt+m sleep:1 Down Down Return sleep:1 alt+o
; after: SHIPPED
; keys ^Classify$: alt+m sleep:1 Down Down Return
; keys ^Classify$: sleep:1 Escape
; after: ONCE
; keys ^Feature Projection$: sleep:1 alt+o
(let* ((image (make-image 64 48 RGB))
       (photo (make-layer image 64 48 RGB-IMAGE "photo")))
  (fill-color photo '(90 120 150))
  (gimp-display-new image)
  (let* ((values (call-mode RUN-INTERACTIVE "plug-in-featurescope-project" image photo))
         (text (parasite-text (car (vector->list (result values "layers"))))))
    (check "one that ships" #t (has-text? "file=everyday.onnx" text)))
  (gimp-message "SHIPPED")
  (call-mode RUN-INTERACTIVE "plug-in-featurescope-classify" image photo)
  (gimp-message "ONCE")
  (let* ((values (call-mode RUN-INTERACTIVE "plug-in-featurescope-project" image photo))
         (text (parasite-text (car (vector->list (result values "layers"))))))
    (check "the model of the second action" #t (has-text? "file=model.onnx" text)))
  (let* ((values (call-mode RUN-WITH-LAST-VALS "plug-in-featurescope-project" image photo))
         (text (parasite-text (car (vector->list (result values "layers"))))))
    (check "the model of the repeated one" #t (has-text? "file=model.onnx" text)))
  (test-ok))
