// Everything a panel draws with.
#pragma once

#include "panels/kit/button.h"
#include "panels/kit/chart.h"
#include "panels/kit/dialog.h"
#include "panels/kit/frame.h"
#include "panels/kit/input.h"
#include "panels/kit/keymap.h"
#include "panels/kit/pane.h"
#include "panels/kit/pictures.h"
#include "panels/kit/rows.h"
#include "panels/kit/strip.h"
#include "panels/kit/text.h"
#include "panels/kit/theme.h"
#include "panels/kit/tile.h"
