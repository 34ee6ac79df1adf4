; The what-if window follows the selection, and the photo, which is filled while it is open. (A window's keys come a second and a half after it is there:
; time to look at what was selected before.)
; keys ^What If$: Tab
; keys 90x60: ctrl+a sleep:2 ctrl+comma sleep:1
; keys ^What If$: Escape
; after: ONCE
; keys ^What If$: Escape
(define whatif "plug-in-featurescope-whatif")
(let* ((image (make-image 90 60 RGB))
       (photo (make-layer image 90 60 RGB-IMAGE "photo")))
  (paint-photo image photo 20 10 40 40)
  (gimp-selection-none image)
  (gimp-display-new image)
  (let* ((values (call-mode RUN-INTERACTIVE whatif image photo))
         (after (call whatif image photo)))
    (check "a person selected all" '(1.0 0.0 0.0 90.0 60.0)
           (map exact->inexact (gimp-selection-bounds image)))
    (check "something went away" '("the selection") (result values "removed"))
    (check "what the window told last" (result after "sentence") (result values "sentence")))
  (gimp-message "ONCE")
  (gimp-selection-none image)
  (let ((values (call-mode RUN-INTERACTIVE whatif image photo)))
    (check "nothing is selected, nothing is told" '() (result values "removed")))
  (test-ok))
