import { type PropertyFamily, rowsOf, stored } from './property-row.ts';

export const classicLogin: PropertyFamily = {
  title: 'Classic login',
  rows: [
    ...rowsOf('', {
      'cross_origin_authentication cross_origin_loc custom_login_page_on custom_login_page custom_login_page_preview cross_origin_auth':
        stored('classic login pages'),
    }),
  ],
};
