#include "cstart.h"

#include <stddef.h>

/* All of man/, so that `sockinspect help --man` shows a page where only the program was copied.
 * A build makes this file anew when a page has changed. */
struct page {
  const char *name;
  const char *text;
};

#pragma clang diagnostic ignored "-Wc23-extensions"
static const struct page pages[] = {
  {"sockinspect.1", (const char[]){
#embed "../../man/sockinspect.1"
    , 0}},
  {"sockinspect-chat.1", (const char[]){
#embed "../../man/sockinspect-chat.1"
    , 0}},
  {"sockinspect-completions.1", (const char[]){
#embed "../../man/sockinspect-completions.1"
    , 0}},
  {"sockinspect-counters.1", (const char[]){
#embed "../../man/sockinspect-counters.1"
    , 0}},
  {"sockinspect-demo.1", (const char[]){
#embed "../../man/sockinspect-demo.1"
    , 0}},
  {"sockinspect-diagnose.1", (const char[]){
#embed "../../man/sockinspect-diagnose.1"
    , 0}},
  {"sockinspect-explain.1", (const char[]){
#embed "../../man/sockinspect-explain.1"
    , 0}},
  {"sockinspect-help.1", (const char[]){
#embed "../../man/sockinspect-help.1"
    , 0}},
  {"sockinspect-kill.1", (const char[]){
#embed "../../man/sockinspect-kill.1"
    , 0}},
  {"sockinspect-list.1", (const char[]){
#embed "../../man/sockinspect-list.1"
    , 0}},
  {"sockinspect-listen.1", (const char[]){
#embed "../../man/sockinspect-listen.1"
    , 0}},
  {"sockinspect-load.1", (const char[]){
#embed "../../man/sockinspect-load.1"
    , 0}},
  {"sockinspect-metrics.1", (const char[]){
#embed "../../man/sockinspect-metrics.1"
    , 0}},
  {"sockinspect-record.1", (const char[]){
#embed "../../man/sockinspect-record.1"
    , 0}},
  {"sockinspect-serve.1", (const char[]){
#embed "../../man/sockinspect-serve.1"
    , 0}},
  {"sockinspect-watch.1", (const char[]){
#embed "../../man/sockinspect-watch.1"
    , 0}},
  {"sockinspect-json.5", (const char[]){
#embed "../../man/sockinspect-json.5"
    , 0}},
  {"sockinspect-recording.5", (const char[]){
#embed "../../man/sockinspect-recording.5"
    , 0}},
  {"sockinspect-demos.7", (const char[]){
#embed "../../man/sockinspect-demos.7"
    , 0}},
  {"sockinspect-filter.7", (const char[]){
#embed "../../man/sockinspect-filter.7"
    , 0}},
  {"sockinspect-findings.7", (const char[]){
#embed "../../man/sockinspect-findings.7"
    , 0}},
};

static const struct page *page(int index) {
  return index >= 0 && (size_t)index < sizeof pages / sizeof *pages ? &pages[index] : NULL;
}

const char *sockinspect_page_name(int index) {
  const struct page *found = page(index);
  return found ? found->name : NULL;
}

const char *sockinspect_page_text(int index) {
  const struct page *found = page(index);
  return found ? found->text : NULL;
}
