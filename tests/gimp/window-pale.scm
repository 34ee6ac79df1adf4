; What cannot be pressed is paler than what can: no white in the words of Stop, Remove and Add Heat Map, which GTK 2
; draws in white by itself. Once there is a heat map they have it.
; only: gimp2
; sees ^Feature Browser$: 138x26+472+490 40 #e6e6e6
; lacks ^Feature Browser$: 444x26+20+490 20 #e6e6e6
; keys ^Feature Browser$: alt+o
; sees ^Feature Browser$: 444x26+20+490 100 #e6e6e6
; keys ^Feature Browser$: Escape
(let* ((image (make-image 90 60 RGB))
       (photo (make-layer image 90 60 RGB-IMAGE "photo")))
  (paint-photo image photo 20 10 40 40)
  (gimp-selection-none image)
  (gimp-display-new image)
  (call-mode RUN-INTERACTIVE "plug-in-featurescope-browse" image photo)
  (test-ok))
