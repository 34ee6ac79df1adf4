; The nine beside the browser's map: of an index that is there, a picture opened with its patch selected; then over
; another folder, by the button.
; (Alt+I is the button that chooses a folder; behind it comes the strip. From the grid one gets to them
; over the photo.)
; keys ^Feature Browser$: sleep:3 alt+i
; keys ^Folder of Pictures$: Escape
; keys ^Feature Browser$: Tab Tab Tab Tab Right Return sleep:2
; keys ^Feature Browser$: Escape
; after: ONCE
; keys ^Feature Browser$: sleep:3 alt+i
; keys ^Folder of Pictures$: ctrl+l sleep:1 ctrl+a type:WORK-FOLDER/pictures/more sleep:1 Return
; keys ^Feature Browser$: sleep:3 Escape
(define browse "plug-in-featurescope-browse")
(define top "plug-in-featurescope-top")
(define pictures (string-append work-folder "/pictures"))

(define (save-dot color x name)
  (let* ((image (make-image 80 60 RGB))
         (layer (make-layer image 80 60 RGB-IMAGE "photo")))
    (fill-color layer '(90 120 150))
    (paint-rectangle image layer color x 20 12 14)
    (gimp-selection-none image)
    (save-image image layer (string-append pictures name))
    (delete-image image)))
(save-dot '(250 40 30) 10 "/a.png")
(save-dot '(30 240 60) 30 "/b.png")
(save-dot '(20 30 250) 50 "/c.png")

(let* ((image (make-image 150 100 RGB))
       (photo (make-layer image 150 100 RGB-IMAGE "photo")))
  (fill-color photo '(200 60 40))
  (delete-image (result (call top image photo "images" pictures) "result-image"))
  (gimp-display-new image)
  (call-mode RUN-INTERACTIVE browse image photo)
  (check "two images are open" 2 (length (images)))
  (let* ((opened (car (images)))
         (bounds (map exact->inexact (cdr (gimp-selection-bounds opened)))))
    (check "the picture's width" 80 (image-width opened))
    (check "what is done to it can be undone" TRUE (car (gimp-image-undo-is-enabled opened)))
    (check "a part of it is selected" #f (equal? bounds '(0.0 0.0 80.0 60.0))))
  (gimp-message "ONCE")
  ; Another folder has one more picture.
  (save-dot '(240 240 30) 20 "/more/d.png")
  (call-mode RUN-INTERACTIVE browse image photo)
  (check "what was found is kept" 0
         (result (call top image photo "images" (string-append pictures "/more")) "computed"))
  (test-ok))
