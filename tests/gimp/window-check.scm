; The check by keys: from Classify, where the built-in model keeps its card; then of a model whose
; card is written by the second line's button, and which is fed so from then on.
; copy tests/data/nets/resnet/model.onnx
; keys ^Classify$: alt+k
; keys ^Check How Pictures Are Fed$: sleep:2 alt+u space sleep:2 Escape
; keys ^Classify$: Escape
; after: ONCE
; keys ^Check How Pictures Are Fed$: alt+m sleep:1 Down Down Down Down Return sleep:2 alt+u space sleep:2 Escape
(define classify "plug-in-featurescope-classify")
(define check-fed "plug-in-featurescope-check")
(let* ((image (make-image 90 60 RGB))
       (photo (make-layer image 90 60 RGB-IMAGE "photo"))
       (model (string-append work-folder "/model.onnx"))
       (card (string-append work-folder "/model.ini")))
  (fill-color photo '(200 60 40))
  (gimp-display-new image)
  (let ((values (call-mode RUN-INTERACTIVE classify image photo)))
    (check "classified again, as before" (result (call classify image photo) "label") (result values "label")))
  (gimp-message "ONCE")
  (let ((values (call-mode RUN-INTERACTIVE check-fed image photo)))
    (check "what was written" card (result values "card"))
    (check "what is in use" "caffe" (result values "used")))
  (let ((values (call check-fed image photo "model" model)))
    (check "the card is kept" "caffe" (result values "used"))
    (check "and nothing written" "" (result values "card"))
    (check "nine ways" 9 (length (result values "conventions"))))
  (test-ok))
