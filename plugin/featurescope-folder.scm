; featurescope-folder.scm: an action of Featurescope over a folder of pictures, for scripts.
; SPDX-License-Identifier: GPL-3.0-or-later
;
; The build puts this behind gimp2/ or gimp3/featurescope-folder.scm, which call the
; procedure plug-in-featurescope-folder, each in its dialect; the result is one script in
; GIMP's folder "scripts". It is the same in both, wants no run mode, and takes numbers for
; actions:
;
; (script-fu-featurescope-folder FOLDER OUTPUT ACTION MODEL ARGUMENTS PART PARTS)
;
; FOLDER, OUTPUT  absolute paths; OUTPUT is made if need be
; ACTION          "projection", "occlusion", "classify" or "evidence" (or 0, 1, 2, 3)
; MODEL           an ONNX file, "": the built-in one
; ARGUMENTS       names and values in turn: "count 3 unit map labels \"tabby; tiger cat\""
; PART, PARTS     this call does every PARTS-th picture from the PART-th on, in order of
;                 name; 1 1: all of them

(define featurescope-actions '("projection" "occlusion" "classify" "evidence"))

(define (script-fu-featurescope-folder folder output action model arguments part parts)
  (featurescope-folder folder output
                       (if (number? action) (list-ref featurescope-actions action) action)
                       model arguments (round part) (round parts)))

(script-fu-register
 "script-fu-featurescope-folder"
 "Folder of Pictures..."
 "Does an action of Featurescope with each picture of a folder and saves the results"
 "Featurescope" "Featurescope, GPL-3.0-or-later" "2026" ""
 SF-DIRNAME "Pictures" ""
 SF-DIRNAME "Results" ""
 SF-OPTION "Action" '("Feature Projection" "Occlusion Sensitivity" "Classify" "Evidence")
 SF-FILENAME "Model (none: built in)" ""
 SF-STRING "Arguments" ""
 SF-ADJUSTMENT "Part" '(1 1 100000 1 10 0 1)
 SF-ADJUSTMENT "Number of parts" '(1 1 100000 1 10 0 1))
