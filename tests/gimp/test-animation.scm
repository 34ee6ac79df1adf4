; An occlusion as an animation, which the host writes as GIF and WebP: read again, there are as many layers, of the time
; that their names say.
; sanitizers: no
(define occlusion "plug-in-featurescope-occlusion")

(define (names layers) (map name-of layers))

; Frames whose names have the text.
(define (timed layers text)
  (apply + (map (lambda (layer) (if (has-text? text (name-of layer)) 1 0)) layers)))

(define (check-file what file frames time)
  (let* ((image (load-image file))
         (layers (top-layers image)))
    (check (string-append what ": frames") frames (length layers))
    (check (string-append what ": their time") frames (timed layers time))
    (delete-image image)))

(define image (make-image 90 60 RGB))
(define photo (make-layer image 80 50 RGB-IMAGE "photo"))
(fill-color photo '(200 60 40))

(let* ((values (call occlusion image photo "target" "animation" "frames" 9 "delay" 70 "size" 40 "step" 40))
       (made (result values "result-image"))
       (layers (top-layers made))
       (gif (string-append out-folder "/square.gif"))
       (webp (string-append out-folder "/square.webp")))
  (check "a new image" #f (= made image))
  (check "the open image stays" (list photo) (top-layers image))
  (check "frames" 4 (length layers))
  (check "the first one is at the bottom" '("Frame 4 (70ms)" "Frame 3 (70ms)" "Frame 2 (70ms)" "Frame 1 (70ms)")
         (names layers))
  (save-webp made (car layers) webp)
  (save-gif made (car layers) gif)
  (check-file "WebP" webp 4 "(70ms)")
  (check-file "GIF" gif 4 "(70ms)")
  (delete-image made))

(delete-image image)
(test-ok)
