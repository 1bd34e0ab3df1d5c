/**
 * Repositories of the Hugging Face hub and of servers that speak its protocol: revisions become
 * commits, pages of files become a listing. One thread.
 */
@NullMarked
package dev.weft.source.hub;

import org.jspecify.annotations.NullMarked;
