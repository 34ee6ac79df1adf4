; A profile of tables, of which babl makes no colour space, is one as any other: what is seen of a photo are the colours
; that lcms2 makes of it, as where files are read. (Pictures 0 and 3 have one, 2 and 4 are gray and of a matrix. 1 has a
; palette, for which GIMP 3 takes another profile than that of the file: the same primaries and sRGB's curve.)
; profiles: 5
(load (string-append out-folder "/profiles.scm"))

(define (check-first n)
  (let* ((name (string-append "00" (number->string n) ".png"))
         (image (load-image (string-append out-folder "/profiles/" name)))
         (values (result (call demo image (first-layer image)) "numbers")))
    (let loop ((left (list-ref wanted n)) (c 0))
      (if (< c 3)
          (begin
            (check-near (string-append name ", component " (number->string c)) (car left) (vector-ref values c) 0.1)
            (loop (cdr left) (+ c 1)))))
    (delete-image image)))
(for-each check-first '(0 2 3 4))
(test-ok)
