; The dialect of GIMP 2.10: all arguments of a procedure, in their order.

(define (featurescope-folder . values)
  (apply plug-in-featurescope-folder (cons RUN-NONINTERACTIVE values)))

