; featurescope-folder.scm: an action of Featurescope over a folder of pictures.
; SPDX-License-Identifier: GPL-3.0-or-later
;
; The build puts this behind gimp2/ or gimp3/featurescope-folder.scm, which hold what differs
; between the two dialects; the result is one script in GIMP's folder "scripts".
;
; From a script: (script-fu-featurescope-folder FOLDER OUTPUT ACTION MODEL ARGUMENTS PART PARTS)
;
; FOLDER, OUTPUT  absolute paths; OUTPUT is made if need be
; ACTION          "projection", "occlusion" or "classify" (or 0, 1, 2)
; MODEL           an ONNX file, "": the built-in one
; ARGUMENTS       names and values in turn: "count 3 unit map labels \"tabby; tiger cat\""
; PART, PARTS     this call does every PARTS-th picture from the PART-th on, in order of
;                 name; 1 1: all of them
;
; Writes OUTPUT/NAME.xcf with all layers and OUTPUT/NAME.png as one sees it, or for
; "classify" the lines FILE, LABEL, PROBABILITY of OUTPUT/labels.txt. Each file is written
; under a name that starts with a dot and renamed when it is whole. Files that are no
; pictures, are damaged, or that the action refuses, are named and passed over with the
; reason.

(define featurescope-actions
  '(("projection" . "plug-in-featurescope-project")
    ("occlusion" . "plug-in-featurescope-occlusion")
    ("classify" . "plug-in-featurescope-classify")))

; --- lists

(define (featurescope-merge a b)
  (let loop ((a a) (b b) (merged '()))
    (cond ((null? a) (append (reverse merged) b))
          ((null? b) (append (reverse merged) a))
          ((string<? (car b) (car a)) (loop a (cdr b) (cons (car b) merged)))
          (else (loop (cdr a) b (cons (car a) merged))))))

(define (featurescope-sort names)
  (let loop ((lists (map list names)))
    (cond ((null? lists) '())
          ((null? (cdr lists)) (car lists))
          (else
           (let pair-up ((rest lists) (merged '()))
             (cond ((null? rest) (loop merged))
                   ((null? (cdr rest)) (loop (cons (car rest) merged)))
                   (else (pair-up (cddr rest)
                                  (cons (featurescope-merge (car rest) (cadr rest))
                                        merged)))))))))

; Every parts-th name from the part-th on.
(define (featurescope-part names part parts)
  (let loop ((names names) (index 1) (kept '()))
    (if (null? names)
        (reverse kept)
        (loop (cdr names) (if (= index parts) 1 (+ index 1))
              (if (= index part) (cons (car names) kept) kept)))))

; --- files

(define (featurescope-path folder name) (string-append folder DIR-SEPARATOR name))

(define (featurescope-folder? path)
  (and (file-exists? path)
       (or (= FILE-TYPE-DIR (file-type path))
           (file-exists? (featurescope-path path ".")))))

; A regular file, or a link to one. The type of a link is its own; what it leads to is a
; regular file if it has a size and no files in it: FIFOs and devices have none.
(define (featurescope-file? path)
  (and (file-exists? path)
       (or (= FILE-TYPE-FILE (file-type path))
           (and (= FILE-TYPE-LINK (file-type path))
                (not (featurescope-folder? path))
                (> (file-size path) 0)))))

(define (featurescope-tell-strange count)
  (if (> count 0)
      (gimp-message (string-append "Passed over, as their names are not UTF-8: "
                                   (number->string count)))))

; Names of the folder's files, sorted, without hidden ones. A name that is not UTF-8 comes
; as an empty one.
(define (featurescope-files folder)
  (if (not (featurescope-folder? folder))
      (error "Featurescope: no such folder:" folder))
  (let ((stream (dir-open-stream folder)))
    (let loop ((name (dir-read-entry stream)) (names '()) (strange 0))
      (cond ((not (string? name))
             (dir-close-stream stream)
             (featurescope-tell-strange strange)
             (featurescope-sort names))
            ((= 0 (string-length name))
             (loop (dir-read-entry stream) names (+ strange 1)))
            ((and (not (char=? #\. (string-ref name 0)))
                  (featurescope-file? (featurescope-path folder name)))
             (loop (dir-read-entry stream) (cons name names) strange))
            (else
             (loop (dir-read-entry stream) names strange))))))

; "/a/b" of "/a/b/c"; #f of what has no parent.
(define (featurescope-parent folder)
  (let loop ((i (- (string-length folder) 1)))
    (cond ((<= i 0) #f)
          ((string=? DIR-SEPARATOR (substring folder i (+ i 1))) (substring folder 0 i))
          (else (loop (- i 1))))))

; With its parents, like mkdir -p.
(define (featurescope-make-folder folder)
  (if (not (file-exists? folder))
      (let ((parent (featurescope-parent folder)))
        (if parent (featurescope-make-folder parent))
        (dir-make folder)
        (if (not (file-exists? folder))
            (error "Featurescope: cannot make the folder" folder)))))

; --- what was asked for

(define (featurescope-action action)
  (let ((pair (if (number? action)
                  (list-ref featurescope-actions action)
                  (assoc action featurescope-actions))))
    (if (pair? pair)
        (cdr pair)
        (error "Featurescope: the action is projection, occlusion or classify, not" action))))

; The pairs of "count 3 unit map": ("count" . 3) ("unit" . "map").
(define (featurescope-arguments text)
  (define (word x) (if (symbol? x) (symbol->string x) x))
  (let loop ((rest (read (open-input-string (string-append "(" text "\n)")))) (pairs '()))
    (cond ((null? rest) (reverse pairs))
          ((null? (cdr rest)) (error "Featurescope: no value is given for" (word (car rest))))
          (else (loop (cddr rest)
                      (cons (cons (word (car rest)) (word (cadr rest))) pairs))))))

; --- what goes wrong

(define featurescope-reason "")

; Ends what (featurescope-try) tries. (An error by "error" cannot be caught.)
(define (featurescope-fail reason)
  (set! featurescope-reason reason)
  (throw reason))

; What (run) gives; #f if it ends in an error, whose text is kept.
(define (featurescope-try run)
  (let ((hook *error-hook*))
    (set! *error-hook*
          (lambda reasons
            (set! featurescope-reason
                  (if (and (pair? reasons) (string? (car reasons)))
                      (car reasons)
                      "no reason is known"))
            (apply throw reasons)))
    (let ((value (catch #f (run))))
      (set! *error-hook* hook)
      value)))

; --- whole files

; A place in the folder of results: where files are written before they have their name.
(define (featurescope-part-file output part parts)
  (featurescope-path output
                     (string-append ".featurescope-" (number->string part) "-of-"
                                    (number->string parts))))

(define (featurescope-delete file)
  (if (file-exists? file) (file-delete file)))

; "" or what is wrong with a file; if nothing is, it gets the name, unless that is "".
(define (featurescope-whole image file name)
  (car (featurescope-call "plug-in-featurescope-whole" image
                          (list (cons "file" file) (cons "becomes" name)))))

; GIMP opens what was cut off, and says nothing of a full disk when it closes a file.
(define (featurescope-refuse-damage image file name)
  (let ((damage (featurescope-whole image file name)))
    (if (not (string=? damage "")) (featurescope-fail damage))))

; As UTF-8.
(define (featurescope-bytes text)
  (let loop ((letters (string->list text)) (bytes 0))
    (if (null? letters)
        bytes
        (let ((code (char->integer (car letters))))
          (loop (cdr letters)
                (+ bytes (cond ((< code 128) 1) ((< code 2048) 2) ((< code 65536) 3) (else 4))))))))

; --- one picture

(define (featurescope-save image part file)
  (let ((xcf (string-append part ".xcf"))
        (png (string-append part ".png"))
        (copy (car (gimp-image-duplicate image))))
    (gimp-image-flatten copy)
    (let ((saved (featurescope-try
                  (lambda ()
                    (featurescope-save-file image xcf)
                    (featurescope-save-file copy png)
                    (featurescope-refuse-damage copy png "")
                    (featurescope-refuse-damage copy xcf (string-append file ".xcf"))
                    (featurescope-refuse-damage copy png (string-append file ".png"))
                    #t))))
      (gimp-image-delete copy)
      (featurescope-delete xcf)
      (featurescope-delete png)
      (if (not saved) (throw featurescope-reason)))))

; On one line, whatever the file's name.
(define (featurescope-line text)
  (list->string (map (lambda (letter) (if (< (char->integer letter) 32) #\space letter))
                     (string->list text))))

; labels: a port, and how many bytes were given to it.
(define (featurescope-write-label labels name values)
  (let ((line (string-append
               (featurescope-line name) "\t" (featurescope-label values) "\t"
               (number->string (/ (round (* (featurescope-probability values) 10000)) 10000))
               "\n")))
    (display line (car labels))
    (set-cdr! labels (+ (cdr labels) (featurescope-bytes line)))))

; Runs the action and saves what comes of it. labels: #f if it makes pictures.
(define (featurescope-do procedure arguments image output part name labels)
  (let ((values (featurescope-call procedure image arguments)))
    (if labels
        (featurescope-write-label labels name values)
        (let* ((shown (featurescope-result-image values))
               (saved (featurescope-try
                       (lambda ()
                         (featurescope-save shown part (featurescope-path output name))
                         #t))))
          (if (not (= shown image)) (gimp-image-delete shown))
          (if (not saved) (throw featurescope-reason))))
    #t))

; #f with the reason kept.
(define (featurescope-one procedure arguments folder output part name labels)
  (let* ((file (featurescope-path folder name))
         (image (featurescope-try (lambda () (featurescope-load file)))))
    (if image
        (let ((done (featurescope-try
                     (lambda ()
                       (featurescope-refuse-damage image file "")
                       (featurescope-do procedure arguments image output part name labels)))))
          (gimp-image-delete image)
          done)
        #f)))

; --- the folder

(define (featurescope-labels-file output part parts)
  (featurescope-path output
                     (if (= parts 1)
                         "labels.txt"
                         (string-append "labels-" (number->string part) "-of-"
                                        (number->string parts) ".txt"))))

; If nothing can be done, the reason most likely holds for all: the last one is the error.
(define (featurescope-each procedure arguments folder output part names labels)
  (let loop ((names names) (done 0) (passed-over 0))
    (cond ((null? names)
           (if (and (= done 0) (> passed-over 0)) (throw featurescope-reason))
           (string-append "Featurescope: " (number->string done) " done, "
                          (number->string passed-over) " passed over"))
          ((featurescope-one procedure arguments folder output part (car names) labels)
           (loop (cdr names) (+ done 1) passed-over))
          (else
           (gimp-message (string-append "Passed over: " (car names) ": " featurescope-reason))
           (loop (cdr names) done (+ passed-over 1))))))

; The same with the lines of a file. A port does not tell that the disk is full: the
; file's size does.
(define (featurescope-each-label procedure arguments folder output part names file)
  (let* ((lines (string-append part ".txt"))
         (port (open-output-file lines))
         (labels (cons port 0))
         (told (featurescope-try
                (lambda ()
                  (if (not port) (featurescope-fail (string-append "cannot be written: " file)))
                  (featurescope-each procedure arguments folder output part names labels)))))
    (if port (close-output-port port))
    (let ((whole (and told (file-exists? lines) (= (cdr labels) (file-size lines)))))
      (if whole
          (let ((image (featurescope-empty-image)))
            (featurescope-whole image lines file)
            (gimp-image-delete image)))
      (featurescope-delete lines)
      (cond ((not told) (throw featurescope-reason))
            ((not whole)
             (featurescope-fail (string-append "cannot be written, the disk may be full: " file))))
      told)))

(define (script-fu-featurescope-folder folder output action model arguments part parts)
  (let* ((procedure (featurescope-action action))
         (pairs (append (if (string=? model "") '() (list (cons "model" model)))
                        (featurescope-arguments arguments)))
         (part (round part))
         (parts (round parts)))
    (if (not (<= 1 part parts))
        (error "Featurescope: the part must be from 1 to the number of parts, not" part))
    (if (string=? folder output)
        (error "Featurescope: results need a folder of their own, not" output))
    (let ((names (featurescope-part (featurescope-files folder) part parts)))
      (featurescope-make-folder output)
      (let ((part-file (featurescope-part-file output part parts)))
        (gimp-message
         (if (string=? procedure "plug-in-featurescope-classify")
             (featurescope-each-label procedure pairs folder output part-file names
                                      (featurescope-labels-file output part parts))
             (featurescope-each procedure pairs folder output part-file names #f)))))))

(script-fu-register
 "script-fu-featurescope-folder"
 "Folder of Pictures..."
 "Runs an action of Featurescope over a folder of pictures and saves XCF and PNG"
 "Featurescope" "Featurescope, GPL-3.0-or-later" "2026" ""
 SF-DIRNAME "Pictures" ""
 SF-DIRNAME "Results" ""
 SF-OPTION "Action" '("Feature projection" "Occlusion sensitivity" "Classify")
 SF-FILENAME "Model (none: built in)" ""
 SF-STRING "Arguments" ""
 SF-ADJUSTMENT "Part" '(1 1 100000 1 10 0 1)
 SF-ADJUSTMENT "Of so many parts" '(1 1 100000 1 10 0 1))
(script-fu-menu-register "script-fu-featurescope-folder" "<Image>/Filters/Featurescope")
