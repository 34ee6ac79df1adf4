; Every dialog that looks at the photo shows it small, with a frame round what the network sees: here the selection.
; (The frame is yellow; nothing else is, there. Below a preview the photo is smaller. That of the filters
; looks at it only for the order by activity.)
; sees ^Feature Projection$: 290x190+0+262 100 #e0bb30
; keys ^Feature Projection$: Escape
; after: ONCE project
; sees ^Occlusion Sensitivity$: 290x190+0+262 100 #e0bb30
; keys ^Occlusion Sensitivity$: Escape
; after: ONCE occlusion
; sees ^Evidence for a Label$: 220x180+0+10 200 #e0bb30
; keys ^Evidence for a Label$: Escape
; after: ONCE evidence
; sees ^Compare$: 220x180+0+10 200 #e0bb30
; keys ^Compare$: Escape
; after: ONCE compare
; sees ^Judge Heat Maps$: 220x180+0+10 200 #e0bb30
; keys ^Judge Heat Maps$: Escape
; after: ONCE judge
; sees ^Evolution over Training$: 220x180+0+10 200 #e0bb30
; keys ^Evolution over Training$: Escape
; after: ONCE evolution
; sees ^Invariance to Transformations$: 220x180+0+10 200 #e0bb30
; keys ^Invariance to Transformations$: Escape
; after: ONCE invariance
; sees ^Correspondence of Parts$: 220x180+0+10 200 #e0bb30
; keys ^Correspondence of Parts$: Escape
; after: ONCE correspondence
; sees ^Classify$: 900x170+0+10 100 #e0bb30
; keys ^Classify$: Escape
; after: ONCE classify
; sees ^Check How Pictures Are Fed$: 900x170+0+10 100 #e0bb30
; keys ^Check How Pictures Are Fed$: Escape
; after: ONCE check
; keys ^Filters and Dead Features$: alt+e Down Down
; sees ^Filters and Dead Features$: 220x180+0+10 200 #e0bb30
; keys ^Filters and Dead Features$: Escape
(let* ((image (make-image 320 240 RGB))
       (photo (make-layer image 320 240 RGB-IMAGE "photo")))
  (define (cancelled action) ; no result, no error that a window would tell
    (catch #t (call-mode RUN-INTERACTIVE (string-append "plug-in-featurescope-" action) image photo))
    (check "nothing was added" 1 (length (top-layers image)))
    (gimp-message (string-append "ONCE " action)))
  (fill-color photo '(90 120 150))
  (select-rectangle image 80 60 160 120)
  (gimp-display-new image)
  (for-each cancelled '("project" "occlusion" "evidence" "compare" "judge" "evolution" "invariance" "correspondence"
                        "classify" "check" "filters"))
  (test-ok))
