; Several layers selected, which GIMP 3 has: each action works on all of them, or says that it takes one.
; only: gimp3
; sanitizers: no
(define image (make-image 60 40 RGB))
(define (photo name color)
  (let ((layer (make-layer image 60 40 RGBA-IMAGE name)))
    (fill-color layer color)
    layer))
(define below (photo "below" '(200 60 40)))
(define above (photo "above" '(40 60 200)))
(define both (list above below))
(define (action name) (string-append "plug-in-featurescope-" name))
(define (error-with layers name . pairs)
  (error-of (apply call (append (list (action name) image layers) pairs))))
(define (refuses-two name . pairs)
  (check-error name "2 layers are selected; " (apply error-with (append (list both name) pairs))))

(for-each refuses-two '("check" "classify" "compare" "evidence" "judge" "whatif"))
(refuses-two "evolution" "checkpoints" (string-append out-folder "/checkpoints") "layer" "relu2")
(refuses-two "filters" "order" "activity")
(check "nothing was added" 2 (length (top-layers image)))

(delete-image (result (call (action "filters") image both) "result-image")) ; kernels alone, nothing of the photo
(check-error "of three none is the other" "3 layers are selected; two are compared: select two."
             (error-with (list above below (photo "third" '(1 2 3))) "compare" "against" "layer"))

; Names tell what is of which.
(define (names-of values) (map name-of (vector->list (result values "layers"))))
(check "a projection each" '("above: " "below: ")
       (map (lambda (name) (substring name 0 7))
            (names-of (call (action "project") image both "layer" "relu2" "count" 1))))
(let ((names (names-of (call (action "occlusion") image both "size" 100 "step" 50 "legend" FALSE))))
  (check "a heat map each" 2 (length names))
  (check "of the first" #t (has-text? "above: " (car names)))
  (check "of the second" #t (has-text? "below: " (cadr names))))
(let ((values (call (action "compare") image both "against" "layer" "size" 100 "step" 100)))
  (check "the two that are selected" '("above" "below") (result values "names")))
(delete-image image)
(test-ok)
