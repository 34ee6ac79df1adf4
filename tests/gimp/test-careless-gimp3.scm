; Calls from C with NULL, numbers out of range, no layer, a file elsewhere.
; only: gimp3
(let* ((image (make-image 60 40 RGB))
       (layer (make-layer image 60 40 RGBA-IMAGE "photo"))
       (other (make-layer image 60 40 RGBA-IMAGE "other")))
  (check "statuses"
         "success success success calling-error calling-error success"
         (car (plug-in-featurescope-caller #:image image #:drawables (vector layer))))
  (check "several layers are passed on" 2
         (result (call demo image (list layer other)) "count"))
  (select-layers image (list layer other))
  (call demo image layer "task" "add")
  (check "both stay selected" (list layer other) (selected image))
  (check-error "no layer" "No layer is selected: choose the one to look at"
               (error-of (call demo image '())))
  (delete-image image)
  (test-ok))
