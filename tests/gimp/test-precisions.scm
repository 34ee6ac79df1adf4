; Colours of results in images of every precision: 200, 100, 50 in sRGB stay that.
; (Half a step of eight linear bits is 1.64 encoded ones at 50.)
(for-each
 (lambda (precision)
   (let* ((image (make-precise-image 8 6 RGB precision))
          (layer (make-layer image 8 6 RGB-IMAGE "photo"))
          (values (call demo image layer "task" "colors"))
          (made (vector-ref (result values "items") 0)))
     (check-pixel (string-append "precision " (number->string precision))
                  '(200 100 50 255)
                  (result (call demo image made) "numbers")
                  (if (= precision PRECISION-U8-LINEAR) 1.7 0.1))
     (delete-image image)))
 (list PRECISION-U8-NON-LINEAR PRECISION-U8-LINEAR PRECISION-U16-LINEAR PRECISION-U32-NON-LINEAR
       PRECISION-HALF-LINEAR PRECISION-FLOAT-LINEAR PRECISION-FLOAT-NON-LINEAR
       PRECISION-DOUBLE-LINEAR))
(test-ok)
