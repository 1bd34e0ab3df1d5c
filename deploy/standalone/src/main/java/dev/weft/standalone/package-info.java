/**
 * The command line. It picks a command, reads the deployment file, and starts services or talks to
 * running ones. Standard output is for answers, standard error for the log.
 */
@NullMarked
package dev.weft.standalone;

import org.jspecify.annotations.NullMarked;
