; The list of labels begins with the five that the network finds most probable for the photo: the first of
; them is chosen in a dialog, then the fifth; and so in the browser, whose heat maps are named by the label.
; keys ^Evidence for a Label$: sleep:3 alt+b Down alt+o
; after: ONCE
; keys ^Evidence for a Label$: sleep:3 alt+b ctrl+a BackSpace Down Down Down Down Down alt+o
; after: TWICE
; keys ^Feature Browser$: sleep:3 alt+l Down sleep:1 alt+o sleep:3 alt+d sleep:1
; keys ^Feature Browser$: alt+l ctrl+a BackSpace Down Down Down Down Down sleep:1 alt+o sleep:3 alt+d sleep:1 Escape
(define evidence "plug-in-featurescope-evidence")
(define browse "plug-in-featurescope-browse")
(let* ((image (make-image 90 60 RGB))
       (photo (make-layer image 90 60 RGB-IMAGE "photo")))
  (define (chosen) (result (call-mode RUN-INTERACTIVE evidence image photo) "label"))
  (define (probability label) ; as heat maps are named: "P(label) 0.1 → ..."
    (if (string=? "(" (substring label 0 1)) (string-append "P" label " ") (string-append "P(" label ") ")))
  (define (start-of name label) (substring name 0 (min (string-length name) (string-length (probability label)))))
  (paint-photo image photo 20 10 40 40)
  (gimp-selection-none image)
  (gimp-display-new image)
  (let ((labels (result (call "plug-in-featurescope-classify" image photo) "labels")))
    (check "the first line" (list-ref labels 0) (chosen))
    (gimp-message "ONCE")
    (check "the fifth line" (list-ref labels 4) (chosen))
    (gimp-message "TWICE")
    (let ((layers (length (top-layers image))))
      (call-mode RUN-INTERACTIVE browse image photo)
      (let ((names (map name-of (top-layers image))))
        (check "two heat maps" (+ layers 2) (length names))
        (check "the browser's fifth line" (probability (list-ref labels 4)) (start-of (car names) (list-ref labels 4)))
        (check "the browser's first line" (probability (list-ref labels 0)) (start-of (cadr names) (list-ref labels 0))))))
  (test-ok))
