; GIMP's search for actions finds ours by what people call such things: 2.10 the browser first, 3 in an order of its own.
; keys Untitled: slash sleep:1 type:saliency sleep:2 Return
; keys ^(Feature Browser|About the Model|Occlusion|Classify|Judge|Folder of|What If|Feature Proj|Check How|Evidence|Compare): sleep:1 Escape
; keys Untitled: slash sleep:1 type:neural sleep:2 Return
; keys ^(Feature Browser|About the Model|Occlusion|Classify|Judge|Folder of|What If|Feature Proj|Check How|Evidence|Compare): sleep:1 Escape
; keys Untitled: slash sleep:1 type:explain sleep:2 Return
; keys ^(Feature Browser|About the Model|Occlusion|Classify|Judge|Folder of|What If|Feature Proj|Check How|Evidence|Compare): sleep:1 Escape
; What is named by its entry's first words is opened, also if one that has them in its tip was used before.
; keys Untitled: slash sleep:1 type:strongest sleep:2 Return
; keys ^The Strongest Nine$: sleep:1 Escape
; keys Untitled: slash sleep:1 type:folder sleep:1 space type:of sleep:1 space type:pic sleep:2 Return
; keys ^Folder of Pictures$: sleep:1 Escape
; keys Untitled: slash sleep:1 type:check sleep:1 space type:how sleep:2 Return
; keys ^Check How Pictures Are Fed$: sleep:1 Escape
; keys Untitled: slash sleep:1 type:what sleep:1 space type:if sleep:2 Return
; keys ^What If$: sleep:1 Escape
(let* ((image (make-image 64 48 RGB))
       (photo (make-layer image 64 48 RGB-IMAGE "photo")))
  (fill-color photo '(90 120 150))
  (gimp-display-new image)
  (test-ok))
