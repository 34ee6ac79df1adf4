; An image with a colour profile: both hosts read the same sRGB from its numbers, and store
; results so that they show the same sRGB again.
(define profile (string-append out-folder "/wide.icc"))

; 200, 100, 50 of a space with wider primaries and the exponent 2.2 are 227.08, 100.07,
; 42.36 in sRGB, computed by hand from the profile's nine numbers (D50 in both).
(for-each
 (lambda (precision)
   (let* ((image (make-precise-image 8 6 RGB precision))
          (layer (make-layer image 8 6 RGBA-IMAGE "photo")))
     (fill-color layer '(200 100 50))
     (set-profile image profile) ; the numbers stay
     (check-pixel (string-append "read at precision " (number->string precision))
                  '(227.08 100.07 42.36 255)
                  (result (call demo image layer) "numbers") 0.15)
     (let* ((values (call demo image layer "task" "colors"))
            (made (vector-ref (result values "items") 0)))
       (check "the image stays" image (result values "image"))
       ; Half a step of eight bits in the wider space is up to 0.85 in sRGB.
       (check-pixel (string-append "written at precision " (number->string precision))
                    '(200 100 50 255)
                    (result (call demo image made) "numbers")
                    (if (= precision PRECISION-U8-NON-LINEAR) 0.9 0.1)))
     (delete-image image)))
 (list PRECISION-U8-NON-LINEAR PRECISION-U16-NON-LINEAR PRECISION-FLOAT-NON-LINEAR))

; Results in colours of an image with a palette stand over a copy of the photo in an image without a profile: its numbers
; are sRGB's.
(let* ((image (make-image 8 6 RGB))
       (layer (make-layer image 8 6 RGB-IMAGE "photo")))
  (fill-color layer '(200 100 50))
  (set-profile image profile)
  (make-indexed image)
  (let ((made (result (call demo image layer "task" "add") "image")))
    (check "another image" #f (= image made))
    (check-pixel "the copy" '(227.08 100.07 42.36 255)
                 (result (call demo made (cadr (top-layers made))) "numbers") 0.65)
    (delete-image made))
  (delete-image image))

; A gray image keeps its own gray profile: nothing to convert.
(let* ((image (make-image 8 6 GRAY))
       (layer (make-layer image 8 6 GRAY-IMAGE "photo")))
  (fill-color layer '(100 100 100))
  (check-pixel "gray" '(100 100 100 255) (result (call demo image layer) "numbers") half-step)
  (delete-image image))
(test-ok)
