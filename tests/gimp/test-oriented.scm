; Photos that a camera stored on their side (oriented.c) are opened upright, as the plug-in's own
; decoder gives them.
; oriented
(define pictures (string-append out-folder "/oriented"))
(define seen (string-append out-folder "/oriented-seen"))

(let ((values (call-anywhere "plug-in-featurescope-folder" "images" pictures "output" seen
                             "action" "projection" "arguments" "count 1")))
  (check "each is done" 16 (result values "done")))

; The colour of a square, 0 1 2 above 3 4 5, as squares.h has them.
(define (colour square)
  (let ((red (/ (* 255 (+ square 1)) 7)))
    (list red (- 255 red) 127.5 255)))

; What is seen at the top left, by the number.
(define (check-file name square width height)
  (let* ((image (load-image (string-append seen "/" name ".xcf")))
         (layers (top-layers image))
         (photo (list-ref layers (- (length layers) 1)))
         (numbers (result (call demo image photo) "numbers")))
    (check-pixel name (append (colour square) (list width height)) numbers 3)
    (delete-image image)))
(define (check-both number square width height)
  (for-each (lambda (suffix) (check-file (string-append (number->string number) suffix) square width height))
            '(".jpg" ".tif")))
(check-both 1 0 48 32)
(check-both 2 2 48 32)
(check-both 3 5 48 32)
(check-both 4 3 48 32)
(check-both 5 0 32 48)
(check-both 6 3 32 48)
(check-both 7 5 32 48)
(check-both 8 2 32 48)
(test-ok)
