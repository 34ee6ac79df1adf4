; GIMP's search for actions finds ours by what people call such things: 2.10 the browser first, 3 in an order of its own.
; keys Untitled: slash sleep:1 type:saliency sleep:2 Return
; keys ^(Feature Browser|About the Model|Occlusion|Classify|Judge|Folder of|What If|Feature Proj|Check How|Evidence|Compare): sleep:1 Escape
; keys Untitled: slash sleep:1 type:neural sleep:2 Return
; keys ^(Feature Browser|About the Model|Occlusion|Classify|Judge|Folder of|What If|Feature Proj|Check How|Evidence|Compare): sleep:1 Escape
; keys Untitled: slash sleep:1 type:explain sleep:2 Return
; keys ^(Feature Browser|About the Model|Occlusion|Classify|Judge|Folder of|What If|Feature Proj|Check How|Evidence|Compare): sleep:1 Escape
(let* ((image (make-image 64 48 RGB))
       (photo (make-layer image 64 48 RGB-IMAGE "photo")))
  (fill-color photo '(90 120 150))
  (gimp-display-new image)
  (test-ok))
